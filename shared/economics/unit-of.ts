/**
 * The unit that a field's name carries (`economics.md` 0.1), so that a derivation never shows a bare number. Longest ending
 * first. Null: the name tells none, which a test refuses for every field of every model.
 */
const byEnding: readonly (readonly [RegExp, string])[] = [
  [/^hourOfDay$/, 'h'],
  [/^(perLoadRatio|perDegreeC|perHourSquared|intercept|logOdds|logLikelihood)$/, 'log-odds'],
  [/^(offBelow|onAbove)$/, 'USD/MWh'],
  [/^peaksPerYear$/, 'peaks/year'],
  [/^(curtail|emergency)$/, '1 yes, 0 no'],
  [/^(wasPeak|ratchet|shareAvoided|breakEvenProbability)$/, 'of 1'],
  [/^temperatureC$/, '°C'],
  [/^(switches|iterations|observationCount)$/, 'count'],
  [/PerKwMonth(Usd)?$/, 'USD/kW-month'],
  [/^fixedCostPerMonth$/, 'USD/month'],
  [/PerKwYear$/, 'USD/kW-year'],
  [/PerMWMonth(Usd)?$/, 'USD/MW-month'],
  [/PerItMWMonth$/, 'USD/MW IT-month'],
  [/PerItMW$/, 'USD/MW IT'],
  [/PerMWYear$/, 'USD/MW-year'],
  [/(UsdPerMW|ChargePerMW|PerMWIfHit)$/, 'USD/MW'],
  [/(PerGpuHour|GpuHour)$/, 'USD/GPU-hour'],
  [/(hashprice.*Usd|UsdPerPhDay)$/i, 'USD/PH/day'],
  [/btcPerPhDay$/i, 'BTC/PH/day'],
  [/MWhPerPhDay$/, 'MWh/PH/day'],
  [/UsdPerTH$/, 'USD/TH/s'],
  [/UsdPerHour$/, 'USD/h'],
  [/UsdPerMonth$/i, 'USD/month'],
  [/UsdPerUnit$/, 'USD/machine'],
  [/UsdPerDay$/, 'USD/day'],
  [/UsdPerYear$|noiPerYear$/i, 'USD/year'],
  [/BtcUsd$|PerBtc$|btcPriceUsd$|startPrice$/, 'USD/BTC'],
  [/PerMWh$/, 'USD/MWh'],
  [/Usd$/, 'USD'],
  [/BtcPerDay$/, 'BTC/day'],
  [/Btc$/, 'BTC'],
  [/Sats$/, 'sat'],
  [/PHs$/, 'PH/s'],
  [/EHs$/, 'EH/s'],
  [/THs$/, 'TH/s'],
  [/JTH$/, 'J/TH'],
  [/MWh$/, 'MWh'],
  [/(MW|^mw)$/, 'MW'],
  [/EhHours$/, 'EH/s-hours'],
  [/Seconds$/, 's'],
  [/(Hours|Hour)$/, 'h'],
  [/PhDays$/i, 'PH-days'],
  [/(Days|^days|Day)$/, 'days'],
  [/(Months|^months|Month)$/, 'months'],
  [/(Years|^years|stepYears)$/, 'years'],
  [/Annual$/, '1/year'],
  [/Blocks$|^blocks$/, 'blocks'],
  [/(Share|Ratio|Fee|^stale|^uptime|^occupancy|Haircut|haircutNow|haircutLater|Rate)$/, 'of 1'],
  [/(Elasticity|^confidence|^riskAversion|^relStdDev|^fppsPremium|Factor)$/, 'of 1'],
  [/^(rowValues?|columnValues?|breakEvenColumn)$/, 'in the unit of its axis'],
  [/^blocksFound$/, 'blocks'],
  [/^units$/, 'machines'],
  [/^(height|startHeight|halvingHeight)$/, 'block height'],
  [/^difficulty$|Difficulty$/, 'difficulty'],
  [
    /^(cashFlows|principal|payment|investment|swing|balanceAtHorizon|capexPerGpu)$|^npv|^meanNpv|^presentValue|^finalValue|^equityFlow/i,
    'USD',
  ],
  [/^(baseNpv|dailyMargin|revenueYear|ebitdaYear)|Depreciation|^(optionValue|valueNow|valueOfWaiting|triggerValue)$/, 'USD'],
  [/^(btc|btcHeld|btcSold|btcLeft|btcPledged|btcMined|btcMinedNet)$/, 'BTC'],
  [/BtcUsdFlat$/, 'USD/BTC'],
  [/MWMonths/, 'MW-months'],
  [/^monthsSimulated$/, 'months'],
  [/^(irr|mirr|rate|ratePerPeriod|roots|irrPerMonth)$/, '1/period'],
  [/^(periods|paybackPeriods)$/, 'periods'],
  [/^payback$/, 'years'],
  [/(Dscr|Multiple|^exitMultipleOfNoi|^escalated\w*|^beta(Root|LessOne)?)$/, 'times'],
  [/^(pue|fppsPremium|fraction|gap|relStdDev|marginOfSafety|utilisation|confidence|stressFall|concentrationLimit|loanToCost)$/, 'of 1'],
  [/(LoanToValue|LoadFactor|noiMargin|yieldOnCost|MarginYear1|^feeShareOfReward|Share\w*)$/, 'of 1'],
  [/^(low|high)$/, 'unit of the parameter'],
  [/^kwPerGpu$/, 'kW'],
  [/^fiberRttMs$/, 'ms'],
  [/WetBulbC$/, '°C'],
  [/^probability/, 'of 1'],
  [/^riskAversion$/, 'weight'],
  [/W$/, 'W'],
  [/^hours$/, 'h'],
  [/PerYear$/, '1/year'],
  [/(Speed|Probability|^prob[A-Z]\w*|Correlation|Overrun\w*|Sd|^loanToValue|^share[A-Z]\w*)$/, 'of 1'],
  [/(OfLosingSlot|ValueOfWaiting)$/, 'USD'],
  [/^(count|plansTried)$/, 'count'],
  [/(Points|^score|^regionScore)$/, 'points'],
  [/Weight$/, 'weight'],
  [/(Intervals|^intervals)$/, 'intervals'],
  [/^initialOn$/, '1 on, 0 off'],
  [/(^change|Change|^adjustment|ByClaim|^elasticity|^(exogenous|attack)Share|^rentPremium|^kO(n|ff)|Scale|Log)$/, 'of 1'],
  [/^blocks(Left|Remaining)$/, 'blocks'],
  [/hoursLeft$/i, 'h'],
  [/^daysRemaining$/, 'days'],
  [/^month$/, 'months'],
  [/^shares$/, 'of 1'],
  [/^(epochs|paths|draws|spikeCount)$/, 'count'],
  [/^(seed|path)$/, 'number'],
  [/^spikesPerYear$/, '1/year'],
  [/^(mean|median|p05|p95|threshold)$/, 'USD/BTC'],
  [/^(normals|logReturns|(driftPer|sdPer)Step|(sd|mean|var)Log\w*|sdFinalLogPrice|correlation)$/, 'of 1'],
  [/^(expectedJumps|blockStarts)$/, 'count'],
  [/^blockLength$/, 'returns'],
  [/^subsidyBtcNetwork$/, 'BTC'],
  [
    /^(units|gpus|steps|starts|roots|irrRoots|signChanges|halvingIndex|halvingsInside|blocksFound|substationFeeds|diverseFiberRoutes)$/,
    'count',
  ],
]
/** Where the place says more than the name: components.firmMW are points, not MW. */
const byPlace: readonly (readonly [RegExp, string])[] = [
  [/^components\./, 'points'],
  [/^path\[/, 'USD/BTC'],
  [/^weights\./, 'weight'],
]

/** "runMW.north" and "endDay[3]" carry their unit in the name before the id or the index: the last name that knows one. */
export const unitOf = (path: string): string | null => {
  const place = byPlace.find(([start]) => start.test(path))
  if (place !== undefined) return place[1]
  for (const name of path
    .replace(/\[\d+\]/g, '')
    .split('.')
    .reverse()) {
    const unit = byEnding.find(([ending]) => ending.test(name))?.[1]
    if (unit !== undefined) return unit
  }
  return null
}
