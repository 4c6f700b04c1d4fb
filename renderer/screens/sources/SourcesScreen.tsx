export function SourcesScreen() {
  return null
}
