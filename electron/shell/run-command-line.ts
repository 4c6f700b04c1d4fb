import { join } from 'node:path'
import { app, utilityProcess } from 'electron'

/** `Hashyard --cli <command>`: the command line of the packaged program, in a process of its own, without window or display. */
export const commandLineOf = (argv: readonly string[]): string[] | null => {
  const at = argv.indexOf('--cli')
  return at === -1 ? null : argv.slice(at + 1)
}

export const runCommandLine = async (args: string[]) => {
  // A server at a site has no display; Chromium must not look for one.
  if (process.platform === 'linux') app.commandLine.appendSwitch('ozone-platform', 'headless')
  await app.whenReady()
  const command = utilityProcess.fork(join(app.getAppPath(), 'dist', 'cli.mjs'), args, {
    serviceName: 'Hashyard command line',
    stdio: 'inherit',
  })
  app.on('before-quit', (event) => {
    // Ctrl+C ends the command first; its own exit then ends this process.
    event.preventDefault()
    command.kill()
  })
  command.on('exit', (code) => app.exit(code))
}
