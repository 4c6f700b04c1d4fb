import { app } from './app.ts'
import { type HostWindow, watchKeys } from './browser-window.ts'
import { strict } from './strict.ts'

/** A Chromium app window has no menu bar: the host keeps the menu and acts on its accelerators. */
export type Item = {
  label?: string
  role?: string
  type?: string
  accelerator?: string
  enabled?: boolean
  visible?: boolean
  id?: string
  click?: (item: Item, window: HostWindow) => void
  submenu?: Item[] | HostMenu
}
export class HostMenu {
  items: Item[]
  constructor(items: Item[]) {
    this.items = items
  }
}
let current: HostMenu | null = null

const ROLES: Record<string, { accelerator: string; act: (window: HostWindow) => void }> = {
  quit: { accelerator: 'CmdOrCtrl+Q', act: () => app.quit() },
  close: { accelerator: 'CmdOrCtrl+W', act: (window) => window.close() },
}
const flat = (menu: HostMenu | null): Item[] =>
  (menu?.items ?? []).flatMap((item) => [
    item,
    ...flat(item.submenu instanceof HostMenu ? item.submenu : item.submenu ? new HostMenu(item.submenu) : null),
  ])

const MAC = process.platform === 'darwin'
const matches = (accelerator: string, press: { key: string; control: boolean; shift: boolean; alt: boolean; meta: boolean }) => {
  const parts = accelerator.toLowerCase().split('+')
  const key = parts.pop()
  const has = (...names: string[]) => parts.some((p) => names.includes(p))
  const command = has('cmdorctrl', 'commandorcontrol')
  const names: Record<string, string> = { arrowleft: 'left', arrowright: 'right', arrowup: 'up', arrowdown: 'down', ' ': 'space' }
  const pressed = press.key.toLowerCase()
  return (
    (names[pressed] ?? pressed) === key &&
    press.control === (has('ctrl', 'control') || (command && !MAC)) &&
    press.meta === (has('cmd', 'command', 'meta', 'super') || (command && MAC)) &&
    press.shift === has('shift') &&
    press.alt === has('alt', 'option')
  )
}

watchKeys((window, press) => {
  for (const item of flat(current)) {
    const role = item.role === undefined ? undefined : ROLES[item.role]
    const accelerator = item.accelerator ?? role?.accelerator
    if (accelerator === undefined || item.enabled === false || !matches(accelerator, press)) continue
    if (item.click) item.click(item, window)
    else role?.act(window)
    return
  }
})

export const Menu = strict('Menu', {
  buildFromTemplate: (template: Item[]) => new HostMenu(template),
  setApplicationMenu: (menu: HostMenu | null) => {
    current = menu
  },
  getApplicationMenu: () => current,
})
