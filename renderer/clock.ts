import { useSyncExternalStore } from 'react'

/**
 * The engine's time, not the page's: in the demo it runs on its own clock, and every age on screen is against it.
 * `setEngineTime` is called whenever the engine says what time it is.
 */
let offsetMs = 0
export const setEngineTime = (engineNowMs: number) => {
  offsetMs = engineNowMs - Date.now()
}
export const engineNow = () => Date.now() + offsetMs

/** Engine time in steps: a component that shows seconds asks for 1,000 ms, a sentence with minutes for more. */
export const useNow = (everyMs = 1_000): number =>
  useSyncExternalStore(
    (tick) => {
      const timer = setInterval(tick, Math.min(everyMs, 5_000))
      return () => clearInterval(timer)
    },
    () => Math.floor(engineNow() / everyMs) * everyMs,
  )
