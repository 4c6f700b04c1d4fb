import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type { Failure } from '#shared/result.ts'
import type { Asked } from '../api.ts'
import { failureWords } from '../words.ts'
import { Button } from './Button.tsx'
import css from './NotReady.module.css'

/** Loading, failed: what is shown where nothing was ever known. Each says what to do next. */
export function NotReady<T>({ of, what }: { of: Asked<T>; what: string }) {
  if (of.state === 'failed') return <Failed failure={of.failure} what={what} retry={of.retry} />
  return <Loading what={what} />
}

/** Nothing for the first 200 ms: most answers are there by then, and a flash is worse than a pause. */
export function Loading({ what }: { what: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={css.place} role="status" aria-live="polite">
      {late && (
        <>
          <span className={css.skeleton} aria-hidden="true" />
          <p className={css.text}>Reading {what}.</p>
        </>
      )}
    </div>
  )
}

export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.place}>
      <p className={css.text}>{children}</p>
      {action}
    </div>
  )
}

export function Failed({ failure, what, retry }: { failure: Failure; what: string; retry: () => void }) {
  return (
    <div className={css.place} role="alert">
      <p className={css.text}>
        <b>Hashyard could not read {what}.</b> {failureWords(failure)}
      </p>
      <Button onPress={retry}>Retry</Button>
      <details className={css.details}>
        <summary>Details</summary>
        <code>
          {failure.kind}: {failure.message}
        </code>
      </details>
    </div>
  )
}

/** A refresh failed while an older answer is on screen: the answer stays, this line says so. */
export function StaleAnswer<T>({ of, what }: { of: Asked<T>; what: string }) {
  if (of.state !== 'ready' || of.failure === null) return null
  return (
    <p className={css.old} role="status">
      The last refresh of {what} failed: {failureWords(of.failure)} What you see is the answer before it.{' '}
      <Button kind="link" small onPress={of.retry}>
        Retry
      </Button>
    </p>
  )
}
