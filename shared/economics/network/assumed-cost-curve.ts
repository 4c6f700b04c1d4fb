/**
 * The network's machines by efficiency and by the price of their variable power, as shares of installed hashrate.
 * ASSUMED: nobody publishes this table. It is our reading of which machine classes are on sale and of the power prices that
 * miners name, made before calibration; efficient machines are spread over all prices, old ones live where power is cheap.
 * Whoever knows better edits it; `defaultTranches` states how far it was from today's difficulty.
 */
export const assumedCostCurve = {
  basis: 'assumed: shares set by judgement, cost level calibrated to the difficulty given',
  overheadRatio: 1.04,
  poolFee: 0.02,
  stale: 0.004,
  powerPricesPerMWh: [25, 35, 45, 55, 65, 80],
  rows: [
    { efficiencyJTH: 15, shares: [0.015, 0.035, 0.04, 0.025, 0.01, 0.005] },
    { efficiencyJTH: 17.5, shares: [0.025, 0.06, 0.08, 0.05, 0.02, 0.005] },
    { efficiencyJTH: 20, shares: [0.02, 0.06, 0.075, 0.045, 0.015, 0.005] },
    { efficiencyJTH: 23, shares: [0.02, 0.05, 0.055, 0.03, 0.005, 0] },
    { efficiencyJTH: 27, shares: [0.02, 0.04, 0.035, 0.01, 0, 0] },
    { efficiencyJTH: 31, shares: [0.025, 0.035, 0.02, 0.005, 0, 0] },
    { efficiencyJTH: 38, shares: [0.025, 0.025, 0.01, 0, 0, 0] },
  ],
}
