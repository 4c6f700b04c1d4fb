import { serialize } from 'node:v8'
import { contract, type Question } from '#shared/contract.ts'
import { failed, type Result } from '#shared/result.ts'
import { isWindowPage } from './app-scheme.ts'

/** Whether a question is answered at all: from our own page's main frame, one input, at most 1 MiB, in the contract's form. */
const LARGEST_QUESTION = 1024 * 1024

export const judgeQuestion = (o: {
  question: Question
  args: readonly unknown[]
  senderUrl: string | null
  fromMainFrame: boolean
}): Result<unknown> => {
  if (!o.fromMainFrame || o.senderUrl === null || !isWindowPage(o.senderUrl))
    return failed('refused', 'This question did not come from the Hashyard window.')
  if (o.args.length !== 1) return failed('invalid-input', `"${o.question}" takes one input.`)
  const [input] = o.args
  if (serialize(input).byteLength > LARGEST_QUESTION)
    return failed('too-large', `"${o.question}" was asked with more than ${LARGEST_QUESTION / 1024 / 1024} MiB.`)
  const parsed = contract[o.question].input.safeParse(input)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [first] = parsed.error.issues
  return failed('invalid-input', `"${o.question}": ${first?.message ?? 'the input is not in its known form'}.`, {
    field: first?.path.join('.') || 'input',
  })
}
