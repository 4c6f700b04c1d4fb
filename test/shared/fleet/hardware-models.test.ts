import { describe, expect, test } from 'vitest'
import { hardwareModel, hardwareModels, nameplateOf } from '#shared/fleet/hardware-models.ts'

describe('efficiency of a hardware model', () => {
  test.each([
    ['Antminer S21', 17.5],
    ['s21', 17.5],
    ['S21 Pro', 17],
    ['Antminer S21pro', 17],
    ['s21-pro', 17],
    ['Bitmain Antminer S19 XP', 21],
    ['S19 XP Hyd.', 20.8],
  ])('%s is %d J/TH', (model, jth) => {
    expect(hardwareModel(model)?.efficiencyJth).toBe(jth)
  })
  test.each(['Antminer S21+', 'S21 XP', 'S19', 'S19j Pro', 'M50S', 'toString', ''])('%j is not known', (model) => {
    expect(hardwareModel(model)).toBeNull()
  })
  test('every figure says where it was found', () => {
    expect(hardwareModels.every((m) => m.source.includes('/') && m.efficiencyJth > 5 && m.efficiencyJth < 100)).toBe(true)
  })
})

describe('name plate of a machine', () => {
  const s21 = { model: 'S21', saidModel: null, nameplateThs: 200, nameplateW: null, expectedThs: null }
  test('what was entered stands, whatever the table says', () => {
    expect(nameplateOf({ ...s21, nameplateW: 3600 })).toEqual({ nameplateThs: 200, nameplateW: 3600 })
  })
  test('200 TH/s of an S21 draw 3,500 W', () => {
    expect(nameplateOf(s21)).toEqual({ nameplateThs: 200, nameplateW: 3500 })
  })
  test('without an entered rate, the one that the machine expects of itself; its own word for the model where ours is none', () => {
    expect(nameplateOf({ ...s21, model: 'rack 4', saidModel: 'Antminer S19 XP', nameplateThs: null, expectedThs: 140 })).toEqual({
      nameplateThs: 140,
      nameplateW: 2940,
    })
  })
  test('no rate or no known model: no watts', () => {
    expect(nameplateOf({ ...s21, nameplateThs: null })).toEqual({ nameplateThs: null, nameplateW: null })
    expect(nameplateOf({ ...s21, model: 'S19j Pro' })).toEqual({ nameplateThs: 200, nameplateW: null })
    expect(nameplateOf({ ...s21, nameplateThs: null, expectedThs: 0 })).toEqual({ nameplateThs: null, nameplateW: null })
  })
})
