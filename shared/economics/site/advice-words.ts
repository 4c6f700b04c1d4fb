/** The sentences of advice (`ux.md` 3.1, 10): verb first, conditional, quantified. One place, so that screen and paper agree. */
import type { PowerContract } from '../../fleet/site.ts'
import { clockTimeZone, count, dateTime, decimal, dollars } from '../../format.ts'
import { DAY_MS } from '../../time.ts'

/** "2.8 MW", and "0.04 MW" where one decimal would say nothing. */
export const mwText = (mw: number): string => `${decimal(mw, mw >= 0.095 || mw === 0 ? 1 : mw >= 0.0095 ? 2 : 3)} MW`

/** "about $397": whole dollars from ten, cents below. */
const aboutUsd = (usd: number): string => dollars(usd, Math.abs(usd) >= 9.5 ? 0 : 2)

/** "S19", "S19 and S21", "S19, S19j Pro and S21" */
const listed = (labels: readonly string[]): string =>
  labels.length < 2 ? (labels[0] ?? '') : `${labels.slice(0, -1).join(', ')} and ${labels[labels.length - 1]}`
const blocksNamed = (labels: readonly string[]): string => `the ${listed(labels)} ${labels.length === 1 ? 'block' : 'blocks'}`

/** What the decision price is called under this contract. */
const priceNoun = (c: PowerContract): string => {
  switch (c.type) {
    case 'index':
      return 'Price'
    case 'fixed':
      return 'Tariff'
    case 'ppa':
      return c.resaleAllowed ? 'Resale value' : 'Price'
  }
}

const whenText = (ms: number, nowMs: number, timeZone: string): string =>
  ms - nowMs < DAY_MS ? clockTimeZone(ms, timeZone) : dateTime(ms, timeZone)

export const headlines = {
  run: 'Run.',
  /** Energy owed under a contract is paid all the same; below zero it costs more to sell it back than to use it. */
  runEverything: (sellsBack: boolean) =>
    sellsBack ? 'Run everything: contract energy costs money to sell.' : 'Run everything: this site is paid to consume.',
  wake: (labels: readonly string[], mw: number) => `Run ${blocksNamed(labels)}, ${mwText(mw)}, now at rest.`,
  stayOff: (labels: readonly string[]) => `Leave ${blocksNamed(labels)} off.`,
  curtailSite: (mw: number) => `Curtail the whole site, ${mwText(mw)}, now.`,
  curtailBlocks: (labels: readonly string[], mw: number) => `Curtail ${blocksNamed(labels)}, ${mwText(mw)}, now.`,
  curtailPart: (labels: readonly string[], mw: number) => `Curtail ${mwText(mw)} of ${blocksNamed(labels)} now.`,
  none: (cause: string) => `No recommendation: ${cause}.`,
}

export const reasons = {
  margin: (c: PowerContract, label: string, price: number, breakEven: number) =>
    c.type === 'ppa' && !c.resaleAllowed && price === 0
      ? `The contract's energy is owed either way; it brings ${dollars(breakEven)}/MWh in the ${label} block.`
      : `Margin ${dollars(breakEven - price)}/MWh on the ${label} block: ${priceNoun(c).toLowerCase()} ${dollars(price)} against ${dollars(breakEven)} break-even.`,
  loss: (c: PowerContract, price: number, breakEvens: readonly number[]) => {
    const low = Math.min(...breakEvens)
    const high = Math.max(...breakEvens)
    const range = dollars(low) === dollars(high) ? dollars(low) : `${dollars(low)} to ${dollars(high)}`
    return `${priceNoun(c)} ${dollars(price)} against ${range} break-even.`
  },
  saves: (usdPerHour: number) => `Saves about ${aboutUsd(usdPerHour)} an hour.`,
  paidToConsume: (price: number, sellsBack: boolean) =>
    sellsBack
      ? `Selling contract energy instead of drawing it would cost ${dollars(-price)}/MWh.`
      : `The price is ${dollars(price)}/MWh: each MWh drawn is paid for.`,
  protectedLoss: (labels: readonly string[], mw: number, usdPerHour: number) =>
    `${mwText(mw)} of ${blocksNamed(labels)} is protected and loses about ${aboutUsd(usdPerHour)} an hour.`,
  staysBelow: (atMs: number, nowMs: number, zone: string, price: number, offLabels: readonly string[]) =>
    `The price stays below break-even until ${whenText(atMs, nowMs, zone)}; then ${dollars(price)} is above that of ${blocksNamed(offLabels)}.`,
  staysAbove: (atMs: number, nowMs: number, zone: string, onLabels: readonly string[]) =>
    `The price stays above break-even until ${whenText(atMs, nowMs, zone)}; then ${blocksNamed(onLabels)} can run.`,
  moreOff: (atMs: number, nowMs: number, zone: string, price: number, offLabels: readonly string[]) =>
    `From ${whenText(atMs, nowMs, zone)} the price, ${dollars(price)}, passes ${blocksNamed(offLabels)} too.`,
  noChangeAhead: (untilMs: number, nowMs: number, zone: string) => `No change in the known prices, to ${whenText(untilMs, nowMs, zone)}.`,
  wouldEarn: (machines: number, mw: number, usdPerHour: number) =>
    `${count(machines, 'machine')} at rest, ${mwText(mw)} by name plate, would earn about ${aboutUsd(usdPerHour)} an hour.`,
  wouldLose: (labels: readonly string[], machines: number) =>
    `Leave ${count(machines, 'machine')} of ${blocksNamed(labels)} at rest: running would lose money.`,
  partial: (reported: number, machines: number) => `On ${count(reported, 'machine')} of ${decimal(machines, 0)} that reported.`,
}
