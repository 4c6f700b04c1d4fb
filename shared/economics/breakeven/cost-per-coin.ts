import * as z from 'zod'
import { atLeastZero, finite, model } from '../model.ts'

export const CostPerBtcInputs = z.object({
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
export const costPerBtc = model({ id: 'breakeven.costPerBtc', section: '2.2' }, CostPerBtcInputs, (i, { step }) => {
  const per = (name: string, usd: number, of: string) => (i.btcMinedNet > 0 ? step(name, usd / i.btcMinedNet, `${of} / btcMinedNet`) : null)
  const direct = step('directUsd', i.powerCostUsd - i.powerCreditsUsd, 'powerCostUsd - powerCreditsUsd')
  const siteCash = step('siteCashUsd', direct + i.siteOpexUsd + i.hostingUsd, 'directUsd + siteOpexUsd + hostingUsd')
  const corporateCash = step('corporateCashUsd', siteCash + i.sgaUsd + i.cashInterestUsd, 'siteCashUsd + sgaUsd + cashInterestUsd')
  const fullyLoaded = step(
    'fullyLoadedUsd',
    corporateCash + i.depreciationUsd + i.stockCompUsd,
    'corporateCashUsd + depreciationUsd + stockCompUsd',
  )
  const fullyLoadedPerBtc = per('fullyLoadedPerBtc', fullyLoaded, 'fullyLoadedUsd')
  return {
    directBeforeCreditsPerBtc: per('directBeforeCreditsPerBtc', i.powerCostUsd, 'powerCostUsd'),
    creditsPerBtc: per('creditsPerBtc', i.powerCreditsUsd, 'powerCreditsUsd'),
    directPerBtc: per('directPerBtc', direct, 'directUsd'),
    siteCashPerBtc: per('siteCashPerBtc', siteCash, 'siteCashUsd'),
    corporateCashPerBtc: per('corporateCashPerBtc', corporateCash, 'corporateCashUsd'),
    fullyLoadedPerBtc,
    fullyLoadedMarginPerBtc:
      fullyLoadedPerBtc === null
        ? null
        : step('fullyLoadedMarginPerBtc', i.btcPriceUsd - fullyLoadedPerBtc, 'btcPriceUsd - fullyLoadedPerBtc'),
  }
})
