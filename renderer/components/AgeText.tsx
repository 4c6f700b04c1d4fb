import { age, dateTime } from '#shared/format.ts'
import { useNow } from '../clock.ts'

/** "12 min", counting on by itself; the exact moment on hover and for assistive technology. Unknown is "never". */
export function AgeText({ atMs, timeZone = 'UTC', suffix = '' }: { atMs: number | null; timeZone?: string; suffix?: string }) {
  const now = useNow(1_000)
  if (atMs === null) return <>never</>
  return (
    <time dateTime={new Date(atMs).toISOString()} title={dateTime(atMs, timeZone)}>
      {age(Math.max(0, now - atMs))}
      {suffix}
    </time>
  )
}
