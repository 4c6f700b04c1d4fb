/** Numbers with the digits a source prints: as text with trailing zeros, or rounded and still a number. */
export const fixed = (n: number, decimals: number): string => n.toFixed(decimals)
export const rounded = (n: number, decimals: number): number => Number(n.toFixed(decimals))
