/** Which part may know which. Six rules, each with the sentence that says what it protects. */
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A part that needs itself cannot be read, tested or replaced alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shared-stands-alone',
      comment: 'Economics and contract must give the same figure in window, engine, memo and test: no Node, no DOM, no clock.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '^node_modules/zod/'] },
    },
    {
      name: 'renderer-not-electron',
      comment: 'The window trusts nothing but the contract; a file of the engine in it would run unsandboxed knowledge in the page.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: ['^electron/', '^node_modules/electron/', '^electron$'] },
    },
    {
      name: 'electron-not-renderer',
      comment: 'The engine is the command line too: it must run where there is no window.',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/' },
    },
    {
      name: 'driver-or-feed-alone',
      comment: 'A firmware family or a source can be added, mended or dropped without reading another, and none writes to the store.',
      severity: 'error',
      // Registries and what runs the list know all of it; $2 is the family's own name (whatsminer → whatsminer-v3).
      from: { path: '^electron/(drivers|feeds|meters)/([a-z]+)', pathNot: '/(registry|identify|read-device|read-meter|poll-feeds)\\.ts$' },
      to: {
        path: '^electron/(drivers|feeds|meters|store|poller|planner|ipc|memo|simulator)/',
        pathNot: [
          '^electron/$1/$2',
          '^electron/drivers/(protocol/|(driver|link|figures|other-rates|machine-state|own-fields|pools)\\.ts$)',
          '^electron/feeds/(document/|(feed|feed-http)\\.ts$)',
          '^electron/meters/(protocol/|meter\\.ts$)',
        ],
      },
    },
    {
      name: 'screen-alone',
      comment: 'A screen can be changed without breaking another; what two share is a component.',
      severity: 'error',
      from: { path: '^renderer/screens/([^/]+)/' },
      to: { path: '^renderer/screens/', pathNot: '^renderer/screens/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // A type that is imported is knowledge too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
