import { type Derivation, derivationOf, type Origin, type Origins } from './derivation.ts'
import { answered, type Model } from './model.ts'

/**
 * A model with its inputs: the answer that a report shows, and, from the very same inputs, the derivation of it when
 * somebody asks. Null: an input is missing, or the model refuses.
 */
export type Worked<T> = {
  readonly value: T | null
  readonly derive: () => Derivation | null
}

export const worked = <I, T>(of: Model<I, T>, given: I | null, origins: () => Origins = () => ({})): Worked<T> => {
  // Several figures rest on the same model: it is unfolded once.
  let derivation: Derivation | null | undefined
  const derive = () => (given === null ? null : (answered(of.explain(given, origins()))?.derivation ?? null))
  return {
    value: given === null ? null : answered(of(given)),
    derive: () => {
      if (derivation === undefined) derivation = derive()
      return derivation
    },
  }
}

/** One output of a worked model with the steps behind it: the origin of an input that was computed. */
export const derived = (of: Worked<unknown>, output: string): Derivation | null => {
  const whole = of.derive()
  return whole === null ? null : derivationOf(whole, output)
}

/** Origins of which some may not be known. */
export const knownOrigins = (origins: Readonly<Record<string, Origin | Derivation | null>>): Origins =>
  Object.fromEntries(Object.entries(origins).filter((entry): entry is [string, Origin | Derivation] => entry[1] !== null))
