/**
 * The one number reader for everything that comes from outside (threat model D8). A finite number, or text that is
 * exactly a plain decimal, inside the field's hard bounds; all else is unknown (null). `Number()` and `parseFloat`
 * are not used on outside data: `Number("")` and `Number(null)` are 0, `parseFloat("95,3")` is 95.
 */
export type Bounds = { readonly min: number; readonly max: number }

const PLAIN_DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/

export const readNumber = (raw: unknown, bounds: Bounds): number | null => {
  const n =
    typeof raw === 'number'
      ? raw
      : typeof raw === 'string' && raw.length <= 64 && PLAIN_DECIMAL.test(raw.trim())
        ? Number(raw.trim())
        : Number.NaN
  return Number.isFinite(n) && n >= bounds.min && n <= bounds.max ? n : null
}
