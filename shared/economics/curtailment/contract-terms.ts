import * as z from 'zod'
import type { PowerContract } from '../../fleet/site.ts'
import { atLeastZero, finite } from '../model.ts'

/** A power contract as a model takes it: names and units of the specification, only the terms that the type has. */
export const ContractTerms = {
  contractType: z.enum(['index', 'ppa', 'fixed']),
  tariffPerMWh: finite.optional(),
  strikePerMWh: finite.optional(),
  /** Volume that is owed whether used or not. */
  contractMW: atLeastZero.optional(),
  resaleAllowed: z.boolean().optional(),
  resaleSpreadPerMWh: atLeastZero.optional(),
}
type Terms = {
  readonly contractType: 'index' | 'ppa' | 'fixed'
  readonly tariffPerMWh?: number | undefined
  readonly strikePerMWh?: number | undefined
  readonly contractMW?: number | undefined
  readonly resaleAllowed?: boolean | undefined
  readonly resaleSpreadPerMWh?: number | undefined
}

export const termsOf = (c: PowerContract): Terms => {
  switch (c.type) {
    case 'index':
      return { contractType: 'index' }
    case 'fixed':
      return { contractType: 'fixed', tariffPerMWh: c.tariffPerMwh }
    case 'ppa':
      return {
        contractType: 'ppa',
        strikePerMWh: c.strikePerMwh,
        contractMW: c.contractMw,
        resaleAllowed: c.resaleAllowed,
        resaleSpreadPerMWh: c.resaleSpreadPerMwh,
      }
  }
}

/** Back to the contract; the first term that its type needs and that is not there, by name. */
export const contractOf = (t: Terms, avoidableAdderPerMwh: number): PowerContract | string => {
  if (t.contractType === 'index') return { type: 'index', avoidableAdderPerMwh }
  if (t.contractType === 'fixed')
    return t.tariffPerMWh === undefined ? 'tariffPerMWh' : { type: 'fixed', tariffPerMwh: t.tariffPerMWh, avoidableAdderPerMwh }
  if (t.strikePerMWh === undefined) return 'strikePerMWh'
  if (t.contractMW === undefined) return 'contractMW'
  return {
    type: 'ppa',
    strikePerMwh: t.strikePerMWh,
    contractMw: t.contractMW,
    resaleAllowed: t.resaleAllowed ?? false,
    resaleSpreadPerMwh: t.resaleSpreadPerMWh ?? 0,
    avoidableAdderPerMwh,
  }
}
