/**
 * Electron's API is far larger than what the host offers. Whatever is missing throws with its name at the moment it is
 * touched, so that a program which works here cannot depend on something that silently does nothing.
 */
export const strict = <T extends object>(name: string, members: T): T =>
  new Proxy(members, {
    get: (object, key, receiver) => {
      // Inspectors, `await` and module loaders ask for these on any object.
      if (key in object || typeof key === 'symbol' || key === 'then' || key === 'toJSON' || key === '__esModule')
        return Reflect.get(object, key, receiver)
      throw new Error(`${name}.${key} is not available on the Chromium host`)
    },
  })

/** An options object may only hold what the host acts on. */
export const onlyKnown = (what: string, options: object, known: readonly string[]) => {
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw new Error(`${what}: option ${key} is not available on the Chromium host`)
}

/** An event whose default can be prevented, in Electron's shape. */
export const preventable = <T extends object>(details: T) => {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true
    },
  }
  return event
}
