import type { Page } from 'playwright'

/** Asks what the window itself may ask, from inside the page. The contract's types stay in their own tree; a journey names what it reads. */
type Answers = {
  'app.status': { mode: string; committedSweeps: number; lastSweep: { reported: number; machines: number } | null }
  'shell.about': { runtime: string; sandbox: string; limits: string[] }
}
type Answer<Q extends keyof Answers> = { ok: true; value: Answers[Q] } | { ok: false; failure: { kind: string; message: string } }

export const ask = async <Q extends keyof Answers>(page: Page, question: Q, input: object): Promise<Answer<Q>> =>
  (await page.evaluate(
    ([name, value]) =>
      (window as unknown as { hashyard: { ask: Record<string, (i: object) => Promise<unknown>> } }).hashyard.ask[name]?.(value),
    [question, input] as [string, object],
  )) as Answer<Q>
