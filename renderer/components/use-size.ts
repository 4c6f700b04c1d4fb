import { type RefObject, useEffect, useState } from 'react'

/** Width and height of an element in CSS pixels; 0 until it has been laid out. */
export const useSize = (element: RefObject<Element | null>): { width: number; height: number } => {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const host = element.current
    if (!host) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height })
    })
    observer.observe(host)
    return () => observer.disconnect()
  }, [element])
  return size
}
