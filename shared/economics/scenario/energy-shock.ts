import * as z from 'zod'
import { finite, model, positive } from '../model.ts'

const EnergyShockInputs = z.object({
  /** USD a barrel. */
  oilBefore: positive,
  oilAfter: positive,
  sites: z
    .array(
      z.object({
        id: z.string(),
        powerPricePerMWh: finite,
        /** Of a one per cent move of oil, the part that the site's power price follows: 0 a hydro PPA, near 1 an oil-indexed tariff. */
        passThrough: z.number().min(0).max(2),
      }),
    )
    .min(1)
    .max(10_000)
    .superRefine((sites, refuse) => {
      const ids = new Set<string>()
      for (const [k, site] of sites.entries()) {
        if (ids.has(site.id)) refuse.addIssue({ code: 'custom', path: [k, 'id'], message: `"${site.id}" is there twice` })
        ids.add(site.id)
      }
    }),
})

/** Factor on a power price when oil moves. Worked: 72 to 104 at a pass-through of 0.75: 1 + 0.75 x 0.4444 = 1.3333. */
export const powerFactorOfOil = (oilBefore: number, oilAfter: number, passThrough: number): number =>
  1 + passThrough * (oilAfter / oilBefore - 1)

/**
 * Power price of each site after oil has moved, USD/MWh: price x (1 + passThrough x (oil after / oil before - 1)).
 * Worked: 47 USD/MWh at a pass-through of 0.12, oil from 72 to 104: 47 x (1 + 0.12 x 0.4444) = 49.51.
 */
export const energyShock = model({ id: 'scenario.energyShock', section: '7' }, EnergyShockInputs, (i, { step }) => {
  const oilChangeShare = step('oilChangeShare', i.oilAfter / i.oilBefore - 1, 'oilAfter / oilBefore - 1')
  return {
    oilChangeShare,
    newPowerPricePerMWh: Object.fromEntries(
      i.sites.map((s) => [s.id, s.powerPricePerMWh * powerFactorOfOil(i.oilBefore, i.oilAfter, s.passThrough)]),
    ),
  }
})
