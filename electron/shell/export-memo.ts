import { join } from 'node:path'
import { app, BrowserWindow, dialog } from 'electron'
import { countPages } from '#electron/memo/count-pages.ts'
import { writeMemo } from '#electron/memo/write-file.ts'
import type { OutputOf } from '#shared/contract.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import type { MemoPages } from './app-scheme.ts'

/** Prints the engine's memo page in a window that nobody sees, without preload, and writes it where the person says. */
type MemoDocument = OutputOf<'memo.document'>
type Exported = OutputOf<'memo.export'>
const PRINT_WITHIN_MS = 30_000

const print = async (html: string, memos: MemoPages): Promise<Uint8Array> => {
  const page = memos.add(html)
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
  })
  try {
    await window.loadURL(page.url)
    // Every face is read before the first line is set; the page itself may run no script.
    await window.webContents.executeJavaScript(
      'Promise.all([...document.fonts].map((face) => face.load().catch(() => null))).then(() => document.fonts.ready).then(() => true)',
    )
    return await window.webContents.printToPDF({
      printBackground: true,
      preferCSSPageSize: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    })
  } finally {
    window.destroy()
    page.remove()
  }
}

const inTime = async <T>(work: Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PRINT_WITHIN_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export const exportMemo = async (memo: MemoDocument, o: { owner: BrowserWindow | null; memos: MemoPages }): Promise<Result<Exported>> => {
  const question = {
    title: 'Export the decision memo',
    defaultPath: join(app.getPath('documents'), memo.suggestedName),
    buttonLabel: 'Export PDF',
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  }
  const { canceled, filePath } = await (o.owner ? dialog.showSaveDialog(o.owner, question) : dialog.showSaveDialog(question))
  if (canceled || !filePath) return ok({ path: null, pages: null, bytes: null })
  const pdf = await inTime(print(memo.html, o.memos))
  if (pdf === null) return failed('timeout', `The memo was not printed within ${PRINT_WITHIN_MS / 1000} s. Nothing was written. Try again.`)
  // The dialog has asked about an existing file.
  const written = await writeMemo(filePath, pdf, { replace: true })
  return written.ok ? ok({ path: written.value.path, pages: countPages(pdf), bytes: pdf.byteLength }) : written
}
