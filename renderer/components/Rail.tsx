import type { ReactNode } from 'react'
import type { Route, ScreenName } from '../routes.ts'
import { routeTo, writeRoute } from '../routes.ts'
import { words } from '../words.ts'
import { Icon, Mark } from './Icon.tsx'
import css from './Rail.module.css'

/** The digit each screen keeps when further ones arrive (Curtail will be 3). */
export const shortcuts: Partial<Record<ScreenName, string>> = { now: '1', fleet: '2', plan: '4', memo: '5' }

const work: readonly ScreenName[] = ['now', 'fleet', 'plan', 'memo']
const service: readonly ScreenName[] = ['sources']

export function Rail({ route, foot }: { route: Route; foot?: ReactNode }) {
  const entry = (screen: ScreenName) => {
    const digit = shortcuts[screen]
    return (
      <a
        key={screen}
        className={css.entry}
        href={writeRoute(routeTo(screen, { site: route.site }))}
        aria-current={route.screen === screen ? 'page' : undefined}
        aria-keyshortcuts={digit ? `Control+${digit} Meta+${digit}` : undefined}
        title={digit ? `${words.screens[screen]} (Ctrl ${digit})` : words.screens[screen]}
      >
        <Icon name={screen} />
        <span>{words.screens[screen]}</span>
      </a>
    )
  }
  return (
    <section className={css.rail} data-region="rail" aria-label="Hashyard">
      <div className={css.brand}>
        <Mark />
        <span>Hashyard</span>
      </div>
      <nav className={css.nav} aria-label="Screens">
        {work.map(entry)}
      </nav>
      <nav className={css.nav} aria-label="Service">
        {service.map(entry)}
      </nav>
      <div className={css.foot}>{foot}</div>
    </section>
  )
}
