/** Who wants to work waits for a turn: never more than `most` at the same time, in the order they came. */
export const turns = (most: number) => {
  let taken = 0
  const waiting: (() => void)[] = []
  const giveBack = (): void => {
    const next = waiting.shift()
    if (next === undefined) taken--
    else next()
  }
  /** Answers how to give the turn back; null where the signal came first. */
  return (signal?: AbortSignal): Promise<(() => void) | null> => {
    if (signal?.aborted) return Promise.resolve(null)
    if (taken < most) {
      taken++
      return Promise.resolve(giveBack)
    }
    return new Promise((settle) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(come), 1)
        settle(null)
      }
      const come = () => {
        signal?.removeEventListener('abort', leave)
        settle(giveBack)
      }
      waiting.push(come)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }
}
