import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { isHeadless, openPage } from './browser.ts'
import { onlyKnown, strict } from './strict.ts'

/**
 * Chromium has no native dialog that can be asked over DevTools, so the host shows its own small window with the same
 * question. Closing it means what closing a native dialog means: cancelled.
 */
type Ask = { title: string; message: string; detail?: string; input?: string; buttons: string[]; cancelId: number }
type Answer = { button: number; text: string }

/** Runs in the dialog's page. Texts are set as text, never as markup. */
const PAGE = `(o) => {
  if (globalThis.__asked) return
  globalThis.__asked = true
  const make = (tag, text, parent = document.body) => parent.appendChild(Object.assign(document.createElement(tag), { textContent: text }))
  document.title = o.title
  make('style', 'html{color-scheme:light dark;font:14px/1.45 "IBM Plex Sans",system-ui,sans-serif}body{margin:24px;display:grid;gap:12px}' +
    'h1{font-size:16px;margin:0}p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}input{font:inherit;padding:6px;width:100%;box-sizing:border-box}div{display:flex;gap:8px;justify-content:end}button{font:inherit;padding:6px 16px}', document.head)
  make('h1', o.message)
  if (o.detail) make('p', o.detail)
  let input = null
  if (o.input !== undefined) {
    input = make('input', '')
    input.value = o.input
    input.setAttribute('aria-label', o.message)
    input.focus()
  }
  const answer = (button) => globalThis.__answer(JSON.stringify({ button, text: input ? input.value : '' }))
  const row = make('div', '')
  o.buttons.forEach((label, i) => make('button', label, row).addEventListener('click', () => answer(i)))
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') answer(o.cancelId)
    if (e.key === 'Enter' && input) answer(0)
  })
}`

const ask = async (o: Ask): Promise<Answer> => {
  if (isHeadless()) throw new Error(`dialog: "${o.message}" needs a display`)
  const cancelled = { button: o.cancelId, text: '' }
  const page = await openPage({ window: true, url: 'data:text/html,<title>Hashyard</title>' })
  const draw = `(${PAGE})(${JSON.stringify(o)})`
  const answered = new Promise<Answer>((resolveAnswer) => {
    page.onGone(() => resolveAnswer(cancelled))
    page.onEvent((method, p) => {
      if (method === 'Runtime.bindingCalled') resolveAnswer(JSON.parse(String(p.payload)) as Answer)
      if (method === 'Page.loadEventFired') page.send('Runtime.evaluate', { expression: draw }).catch(() => undefined)
    })
  })
  const prepare = async () => {
    await Promise.all([
      page.send('Page.enable'),
      page.send('Runtime.enable'),
      page.send('Runtime.addBinding', { name: '__answer' }),
      page.release(),
    ])
    // On a busy machine the page may have loaded before its events were asked for; drawing twice does nothing.
    const loaded = `new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done)).then(() => ${draw})`
    page.send('Runtime.evaluate', { expression: loaded }).catch(() => undefined)
    const { windowId } = await page.browser('Browser.getWindowForTarget', { targetId: page.targetId })
    await page.browser('Browser.setWindowBounds', { windowId, bounds: { width: 560, height: o.input === undefined ? 320 : 260 } })
  }
  // A person may close it before it has its size: that is an answer, and what was still under way fails for it.
  let isAnswered = false
  void answered.then(() => {
    isAnswered = true
  })
  const answer = await Promise.race([
    answered,
    prepare().then(
      () => answered,
      async (problem: unknown) => {
        await new Promise((done) => setTimeout(done, 250))
        if (isAnswered) return answered
        throw problem
      },
    ),
  ])
  page.close()
  return answer
}

type SaveOptions = {
  title?: string
  defaultPath?: string
  buttonLabel?: string
  filters?: { name: string; extensions: string[] }[]
  properties?: string[]
}
type BoxOptions = {
  type?: string
  title?: string
  message: string
  detail?: string
  buttons?: string[]
  cancelId?: number
  defaultId?: number
  noLink?: boolean
}

/** Electron's first argument, the owning window, is optional; a dialog here stands beside its window. */
const last = <T>(args: unknown[]) => args.at(-1) as T

export const dialog = strict('dialog', {
  showSaveDialog: async (...args: unknown[]): Promise<{ canceled: boolean; filePath: string }> => {
    const o = last<SaveOptions>(args)
    onlyKnown('showSaveDialog', o, ['title', 'defaultPath', 'buttonLabel', 'filters', 'properties'])
    let input = o.defaultPath ?? ''
    for (;;) {
      const message = o.title ?? 'Save as'
      const { button, text } = await ask({
        title: message,
        message,
        detail: 'File, with its folder:',
        input,
        buttons: [o.buttonLabel ?? 'Save', 'Cancel'],
        cancelId: 1,
      })
      if (button !== 0 || text.trim() === '') return { canceled: true, filePath: '' }
      const [extension] = o.filters?.[0]?.extensions ?? []
      const file = isAbsolute(text) ? text : resolve(text)
      const filePath = extension === undefined || extension === '*' || file.endsWith(`.${extension}`) ? file : `${file}.${extension}`
      if (!existsSync(filePath)) return { canceled: false, filePath }
      const replace = await ask({
        title: message,
        message: 'Replace the existing file?',
        detail: filePath,
        buttons: ['Replace', 'Choose another name'],
        cancelId: 1,
      })
      if (replace.button === 0) return { canceled: false, filePath }
      input = text
    }
  },
  showMessageBox: async (...args: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> => {
    const o = last<BoxOptions>(args)
    onlyKnown('showMessageBox', o, ['type', 'title', 'message', 'detail', 'buttons', 'cancelId', 'defaultId', 'noLink'])
    const buttons = o.buttons?.length ? o.buttons : ['OK']
    const box = {
      title: o.title ?? '',
      message: o.message,
      buttons,
      cancelId: o.cancelId ?? 0,
      ...(o.detail === undefined ? {} : { detail: o.detail }),
    }
    return { response: (await ask(box)).button, checkboxChecked: false }
  },
  showErrorBox: (title: string, content: string) => void process.stderr.write(`${title}: ${content}\n`),
})
