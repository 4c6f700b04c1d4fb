import { app, type WebContents } from 'electron'
import type { OutputOf } from '#shared/contract.ts'

/** What runs this window, in words a careful operator can check: which runtime, and whether its pages are sandboxed. */
type About = OutputOf<'shell.about'>

const HOST_LIMITS = [
  'This is the Chromium host: Hashyard’s own stand-in for Electron, on an installed Chromium.',
  'No menu bar of the system: shortcuts work, and dialogs are windows of their own.',
  'Permissions are decided for the page as a whole before it loads, not request by request.',
  'No system keyring (safeStorage), tray, notifications, fuses or archive integrity.',
  'Closing the window cannot be held back by a question.',
]

export const about = (contents: WebContents | null): About => {
  const electron = process.versions.electron
  const sandboxOff = app.commandLine.hasSwitch('no-sandbox')
  const chromiumVersion = process.versions.chrome ?? /Chrome\/([\d.]+)/.exec(contents?.getUserAgent() ?? '')?.[1] ?? 'unknown'
  return {
    version: app.getVersion(),
    runtime: electron === undefined ? 'chromium-host' : 'electron',
    runtimeVersion: electron ?? `Node ${process.versions.node}`,
    chromiumVersion,
    sandbox: sandboxOff
      ? 'Off. Hashyard runs as root, and Chromium has no sandbox for root. Start it as an ordinary user to have the page sandboxed.'
      : 'On. The page runs in Chromium’s sandbox, without Node, in a context of its own.',
    limits: electron === undefined ? HOST_LIMITS : [],
  }
}
