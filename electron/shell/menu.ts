import { app, type BrowserWindow, dialog, Menu, type MenuItemConstructorOptions } from 'electron'
import { about } from './about.ts'

/** Only what the shell itself can do; what concerns the farm is in the page, with its shortcuts. */
export const setMenu = (window: () => BrowserWindow | null) => {
  const showAbout = async () => {
    const owner = window()
    const { version, runtime, runtimeVersion, chromiumVersion, sandbox, limits } = about(owner?.webContents ?? null)
    const box = {
      type: 'info' as const,
      title: 'About Hashyard',
      message: `Hashyard ${version}`,
      detail: [
        `${runtime === 'electron' ? 'Electron' : 'Chromium host'} ${runtimeVersion}, Chromium ${chromiumVersion}`,
        `Sandbox: ${sandbox}`,
        ...limits,
      ].join('\n'),
      buttons: ['Close'],
    }
    await (owner ? dialog.showMessageBox(owner, box) : dialog.showMessageBox(box))
  }
  const aboutItem: MenuItemConstructorOptions = { label: 'About Hashyard', click: () => void showAbout() }
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin'
      ? [{ label: app.name, submenu: [aboutItem, { role: 'hide' as const }, { role: 'quit' as const }] }]
      : [{ label: 'File', submenu: [{ role: 'quit' as const }] }]),
    {
      label: 'Edit',
      submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    },
    { label: 'View', submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }] },
    { label: 'Help', submenu: [aboutItem] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
