import type { OutputOf } from '#shared/contract.ts'
import type { MemoInput } from '#shared/memo/blocks.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { ok, type Result } from '#shared/result.ts'
import { countPages } from './count-pages.ts'
import { memoDocument } from './document.ts'
import { printHtml } from './print-with-chromium.ts'
import { checkOut, type WriteChoice, writeMemo } from './write-file.ts'

/** From reports to a PDF on disk, for the command line; the window prints the same document in a window of its own. */
export type WrittenMemo = {
  readonly path: string
  readonly pages: number | null
  readonly bytes: number
  readonly memoId: string
  readonly inputHash: string
  readonly title: string
}

type Out = WriteChoice & { readonly out: string; readonly signal?: AbortSignal }

export const writeMemoDocument = async (o: Out & { readonly document: OutputOf<'memo.document'> }): Promise<Result<WrittenMemo>> => {
  const free = await checkOut(o.out, o)
  if (!free.ok) return free
  const pdf = await printHtml({ html: o.document.html, ...(o.signal ? { signal: o.signal } : {}) })
  if (!pdf.ok) return pdf
  const written = await writeMemo(o.out, pdf.value, o)
  if (!written.ok) return written
  const { memoId, inputHash, title } = o.document
  return ok({ path: written.value.path, pages: countPages(pdf.value), bytes: pdf.value.length, memoId, inputHash, title })
}

export const writeMemoFor = (o: Out & MemoInput): Promise<Result<WrittenMemo>> =>
  writeMemoDocument({ ...o, document: memoDocument(memoStatement(o)) })
