import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import { dialog } from './dialogs.ts'
import { ipcMain } from './ipc-main.ts'
import { Menu } from './menu.ts'
import { nativeTheme } from './native-theme.ts'
import { protocol, session } from './session.ts'
import { strict } from './strict.ts'
import { utilityProcess } from './utility-process.ts'
import { watchContents, webContents } from './web-contents.ts'

watchContents((contents) => app.emit('web-contents-created', {}, contents))

/** What `import … from 'electron'` gets: the part of its API that this program uses. */
const electron = strict('electron', {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  session,
  utilityProcess,
  webContents,
})

export {
  app,
  BrowserWindow,
  dialog,
  electron as default,
  electron as 'module.exports',
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  session,
  utilityProcess,
  webContents,
}
