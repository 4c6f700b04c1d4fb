import { ipcMain, type WebContents, type WebFrameMain } from 'electron'
import { contract, type InputOf, type OutputOf, type Question, type ShellQuestion } from '#shared/contract.ts'
import { failed, type Result } from '#shared/result.ts'
import { askChannel } from './channels.ts'
import { judgeQuestion } from './judge-question.ts'

/** Every question from the page passes here: who asks, how much, in which form; and what went wrong goes back as data (R6). */
type ShellAnswers = { [Q in ShellQuestion]: (input: InputOf<Q>) => Promise<Result<OutputOf<Q>>> }
type Sender = { sender: WebContents; senderFrame: Pick<WebFrameMain, 'url' | 'parent'> | null }

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
