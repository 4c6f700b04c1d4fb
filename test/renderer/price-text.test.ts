import { expect, test } from 'vitest'
import { axisPrice, inUnit, marginText, priceLabel, shortModels } from '../../renderer/price-text.ts'

test('45.25 USD/MWh is $45.25 on the desk and 4.53¢ at the site', () => {
  expect(priceLabel(45.25, 'usd_per_mwh')).toBe('$45.25')
  expect(priceLabel(45.25, 'cents_per_kwh')).toBe('4.53¢')
})
test('an unknown price is a dash in both units', () => {
  expect(priceLabel(null, 'usd_per_mwh')).toBe('—')
  expect(priceLabel(null, 'cents_per_kwh')).toBe('—')
})
test('a margin carries its sign, with a real minus', () => {
  expect(marginText(26.35, 'usd_per_mwh')).toBe('+26.35')
  expect(marginText(-33.5, 'cents_per_kwh')).toBe('−3.35')
})
test('an axis shows no decimals in $/MWh and one in ¢/kWh only where it is needed', () => {
  expect([axisPrice(50, 'usd_per_mwh'), axisPrice(50, 'cents_per_kwh'), axisPrice(25, 'cents_per_kwh')]).toEqual(['50', '5', '2.5'])
})
test('a sentence changes its prices with the switch, and leaves money alone', () => {
  const sentence = 'Price $107.20 against $47.65 to $83.84 break-even. Saves about $4.20 an hour.'
  expect(inUnit(sentence, 'usd_per_mwh')).toBe(sentence)
  expect(inUnit(sentence, 'cents_per_kwh')).toBe('Price 10.72¢ against 4.77¢ to 8.38¢ break-even. Saves about $4.20 an hour.')
  expect(inUnit('Margin +26.35 $/MWh on the S19 block; then $182.00/MWh.', 'cents_per_kwh')).toBe(
    'Margin +2.64 ¢/kWh on the S19 block; then 18.20¢/kWh.',
  )
  expect(inUnit('The price is −$4.10/MWh: each MWh drawn is paid for.', 'cents_per_kwh')).toBe(
    'The price is −0.41¢/kWh: each MWh drawn is paid for.',
  )
})
test('a price that is known in full is converted from its full value: 47.646 is 4.76¢, though it reads $47.65', () => {
  expect(inUnit('against $47.65 break-even', 'cents_per_kwh', [47.646])).toBe('against 4.76¢ break-even')
})
test('the desk says S19j Pro, not Antminer S19j Pro', () => {
  expect(shortModels('Curtail the Antminer S19j Pro and Whatsminer M50S blocks')).toBe('Curtail the S19j Pro and M50S blocks')
})
