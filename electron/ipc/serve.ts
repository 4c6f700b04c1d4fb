/** Questions of the contract and who answers them. Input is parsed here, on the side that acts, whoever asked. */
import type * as z from 'zod'
import { type Contract, contract, type EngineQuestion, type OutputOf } from '#shared/contract.ts'
import { failed, type Result } from '#shared/result.ts'

type Given<Q extends EngineQuestion> = z.output<Contract[Q]['input']>
export type Handlers = { readonly [Q in EngineQuestion]: (input: Given<Q>) => Promise<Result<OutputOf<Q>>> }
export type Answer = <Q extends EngineQuestion>(question: Q, input: unknown) => Promise<Result<OutputOf<Q>>>

export const isEngineQuestion = (text: string): text is EngineQuestion => {
  if (!Object.hasOwn(contract, text)) return false
  const entry = contract[text as keyof Contract]
  return entry.type === 'ask' && entry.by === 'engine'
}

export const makeAnswer =
  (handlers: Handlers, log: (line: string) => void): Answer =>
  async <Q extends EngineQuestion>(question: Q, input: unknown): Promise<Result<OutputOf<Q>>> => {
    if (!isEngineQuestion(question)) return failed('not-found', 'no such question')
    const parsed = contract[question].input.safeParse(input)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const field = issue?.path.map(String).join('.') || 'input'
      return failed('invalid-input', `${field}: ${issue?.message ?? 'not usable'}`, { field })
    }
    try {
      const handle: Handlers[Q] = handlers[question]
      return await handle(parsed.data as Given<Q>)
    } catch (error) {
      // Ours; the asker gets a sentence, the log the trace (threat model R6).
      log(`${question}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return failed('internal', `"${question}" could not be answered; the log has the details`)
    }
  }
