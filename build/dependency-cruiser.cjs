// The directions of `imports point one way`, and nothing else. Each rule says what it protects.
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no first file to read, and its load order decides what is undefined.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shared-is-pure',
      comment: 'Figures are computed by the same function for window, memo and command line; that needs no machine, no page, no clock.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '^node_modules/zod/'] },
    },
    {
      name: 'renderer-not-electron',
      comment: 'The window is a stranger’s page: it reaches the engine only through the contract.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^electron/' },
    },
    {
      name: 'electron-not-renderer',
      comment: 'The engine runs without a window; what both need is in shared.',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/' },
    },
    {
      name: 'drivers-and-feeds-stand-alone',
      comment: 'One device family or source can be read, tested and thrown away alone: it knows no store and no sibling kind.',
      severity: 'error',
      from: { path: '^electron/(drivers|feeds|meters)/' },
      to: { path: '^electron/(store|poller|planner|ipc|simulator|memo|shell|cli|drivers|feeds|meters)/', pathNot: '^electron/$1/' },
    },
    {
      name: 'screens-stand-alone',
      comment: 'What two screens share is a component with a name.',
      severity: 'error',
      from: { path: '^renderer/screens/([^/]+)/' },
      to: { path: '^renderer/screens/', pathNot: '^renderer/screens/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.css'],
    },
  },
}
