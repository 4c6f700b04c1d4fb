import { readNumber } from '#shared/read-number.ts'

/**
 * A figure as people type and paste it: "1,234.5", "1 234,5", "$31/MWh", "3.1c", "−4", "12 %". Only the figure is read;
 * the field knows its unit. null: not understood.
 */
export const readTyped = (text: string): number | null => {
  const bare = text
    .trim()
    .replace(/[−–]/g, '-')
    .replace(/\/?\s*(MWh|kWh|kW-month|MW-month|MW|months?|c|¢|%|×|x)\s*$/i, '')
    .replace(/^([-+]?)\s*\$\s*/, '$1')
    .replace(/\/?\s*(MWh|kWh)\s*$/i, '')
    .trim()
  // One comma and no point, not followed by exactly three figures: a decimal comma. Otherwise commas and spaces group.
  const decimalComma = /^[-+]?[\d\s]*,\d+$/.test(bare) && !/^[-+]?\d{1,3}(,\d{3})+$/.test(bare)
  const plain = decimalComma ? bare.replace(/\s/g, '').replace(',', '.') : bare.replace(/[\s,\u202f\u00a0]/g, '')
  const scale = /[KMB]$/i.test(plain) ? ({ k: 1e3, m: 1e6, b: 1e9 }[plain.slice(-1).toLowerCase()] ?? 1) : 1
  const n = readNumber(scale === 1 ? plain : plain.slice(0, -1), { min: -1e15, max: 1e15 })
  return n === null ? null : n * scale
}
