import { parseArgs } from 'node:util'

/** Arguments of the window: `--data DIR --demo --seed N --poll-ms N --machines N --allow-loopback`. What Electron and Chromium are told on the same line is passed over. */
export type WindowArguments = { data: string | null; demo: boolean; engine: string[] }

export const readArguments = (argv: readonly string[]): WindowArguments => {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: {
      data: { type: 'string' },
      demo: { type: 'boolean' },
      seed: { type: 'string' },
      'poll-ms': { type: 'string' },
      machines: { type: 'string' },
      'allow-loopback': { type: 'boolean' },
    },
  })
  const numeric = (name: 'seed' | 'poll-ms' | 'machines') => {
    const value = values[name]
    return typeof value === 'string' && /^\d{1,9}$/.test(value) ? [`--${name}`, value] : []
  }
  return {
    data: typeof values.data === 'string' && values.data !== '' ? values.data : null,
    demo: values.demo === true,
    engine: [
      ...numeric('seed'),
      ...numeric('poll-ms'),
      ...numeric('machines'),
      ...(values['allow-loopback'] === true ? ['--allow-loopback'] : []),
    ],
  }
}
