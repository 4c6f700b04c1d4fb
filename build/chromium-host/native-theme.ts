import { EventEmitter } from 'node:events'
import { strict } from './strict.ts'
import { setColourScheme, watchSystemScheme } from './web-contents.ts'

const events = new EventEmitter()
/** Only a page can tell; until the first one is open the system counts as light. */
let systemIsDark = false
watchSystemScheme((dark) => {
  if (dark === systemIsDark) return
  systemIsDark = dark
  if (source === 'system') events.emit('updated')
})
let source: 'system' | 'light' | 'dark' = 'system'

export const nativeTheme = strict('nativeTheme', {
  get themeSource() {
    return source
  },
  set themeSource(to: 'system' | 'light' | 'dark') {
    source = to
    setColourScheme(to === 'system' ? null : to)
    events.emit('updated')
  },
  get shouldUseDarkColors() {
    return source === 'system' ? systemIsDark : source === 'dark'
  },
  on: (event: string, listener: () => void) => void events.on(event, listener),
  off: (event: string, listener: () => void) => void events.off(event, listener),
})
