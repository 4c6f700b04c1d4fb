import * as z from 'zod'
import { atLeastZero, finite, model } from '../model.ts'

const CostPerBtcInputs = z.object({
  /** Negative where the site was paid to consume. */
  powerCostUsd: finite,
  /** Curtailment sales and demand response. */
  powerCreditsUsd: atLeastZero,
  siteOpexUsd: atLeastZero,
  hostingUsd: atLeastZero,
  sgaUsd: atLeastZero,
  cashInterestUsd: atLeastZero,
  depreciationUsd: atLeastZero,
  stockCompUsd: atLeastZero,
  /** Coins received, net of pool fees. */
  btcMinedNet: atLeastZero,
  btcPriceUsd: atLeastZero,
})

/**
 * The four cost levels of a coin, USD; each holds the ones before. Only the first says whether a machine should hash now;
 * the last says whether mining earns its capital and must never be read as a reason to switch off. No coins: all null.
 * Worked: power 21.5M less 1.2M of credits over 400 coins: (21.5M - 1.2M) / 400 = $50,750 direct.
 */
export const costPerBtc = model({ id: 'breakeven.costPerBtc', section: '2.2' }, CostPerBtcInputs, (i) => {
  const per = (usd: number) => (i.btcMinedNet > 0 ? usd / i.btcMinedNet : null)
  const direct = i.powerCostUsd - i.powerCreditsUsd
  const siteCash = direct + i.siteOpexUsd + i.hostingUsd
  const corporateCash = siteCash + i.sgaUsd + i.cashInterestUsd
  const fullyLoadedPerBtc = per(corporateCash + i.depreciationUsd + i.stockCompUsd)
  return {
    directBeforeCreditsPerBtc: per(i.powerCostUsd),
    creditsPerBtc: per(i.powerCreditsUsd),
    directPerBtc: per(direct),
    siteCashPerBtc: per(siteCash),
    corporateCashPerBtc: per(corporateCash),
    fullyLoadedPerBtc,
    fullyLoadedMarginPerBtc: fullyLoadedPerBtc === null ? null : i.btcPriceUsd - fullyLoadedPerBtc,
  }
})
