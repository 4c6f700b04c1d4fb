import type { ReactNode } from 'react'
import css from './StatusBar.module.css'

/** The same on every screen: engine, last sweep with its denominator, meters, site time. */
export function StatusBar({ left, right }: { left: readonly ReactNode[]; right: readonly ReactNode[] }) {
  const item = (node: ReactNode, i: number) => <span key={i}>{node}</span>
  return (
    <footer className={css.bar} data-region="status">
      {left.map(item)}
      <span className={css.gap} />
      {right.map(item)}
    </footer>
  )
}
