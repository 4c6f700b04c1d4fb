import { serialize } from 'node:v8'
import { ipcMain, type WebContents, type WebFrameMain } from 'electron'
import { contract, type InputOf, type OutputOf, type Question, type ShellQuestion } from '#shared/contract.ts'
import { failed, type Result } from '#shared/result.ts'
import { isWindowPage } from './app-scheme.ts'
import { askChannel } from './channels.ts'

/** Every question from the page passes here: who asks, how much, in which form; and what went wrong goes back as data (R6). */
const LARGEST_QUESTION = 1024 * 1024

type ShellAnswers = { [Q in ShellQuestion]: (input: InputOf<Q>) => Promise<Result<OutputOf<Q>>> }
type Sender = { sender: WebContents; senderFrame: Pick<WebFrameMain, 'url' | 'parent'> | null }

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

export const serveWindow = (o: {
  isWindow: (sender: WebContents) => boolean
  shell: ShellAnswers
  engine: (question: Question, input: unknown) => Promise<Result<unknown>>
  log: (line: string) => void
}) => {
  const answer = async (question: Question, { sender, senderFrame }: Sender, args: unknown[]): Promise<Result<unknown>> => {
    try {
      const input = judgeQuestion({
        question,
        args,
        senderUrl: o.isWindow(sender) ? (senderFrame?.url ?? null) : null,
        fromMainFrame: senderFrame !== null && senderFrame.parent === null,
      })
      if (!input.ok) return input
      if (contract[question].by === 'engine') return await o.engine(question, input.value)
      const serve: (input: never) => Promise<Result<unknown>> = o.shell[question as ShellQuestion]
      return await serve(input.value as never)
    } catch (error) {
      // Ours, not the page's: the log has the details, the page a sentence without path or stack.
      o.log(`"${question}" failed: ${error instanceof Error ? error.stack : String(error)}`)
      return failed('internal', 'Something in Hashyard itself went wrong; the log has the details. Try again, or restart the program.')
    }
  }
  for (const [name, entry] of Object.entries(contract)) {
    if (entry.type !== 'ask') continue
    const question = name as Question
    ipcMain.handle(askChannel(question), (event, ...args: unknown[]) => answer(question, event, args))
  }
}
