/** Pages of a PDF as Chromium writes it: the root of the page tree is an uncompressed object with the total. Null where it is not found. */
export const countPages = (pdf: Uint8Array): number | null => {
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1')
  const totals = [...text.matchAll(/\/Type\s*\/Pages\b[^>]*?\/Count\s+(\d+)|\/Count\s+(\d+)[^>]*?\/Type\s*\/Pages\b/g)].map((m) =>
    Number.parseInt(m[1] ?? m[2] ?? '0', 10),
  )
  return totals.length === 0 ? null : Math.max(...totals)
}
