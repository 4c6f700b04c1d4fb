export function MemoScreen() {
  return null
}
