import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import css from './App.module.css'
import { useAsk, useDo, useNotices, useStatus } from './api.ts'
import { useNow } from './clock.ts'
import { StateChip } from './components/Chip.tsx'
import { Dialog } from './components/Dialog.tsx'
import { FigureButton } from './components/FigureButton.tsx'
import { FigurePanel } from './components/FigurePanel.tsx'
import { Failed, Loading } from './components/NotReady.tsx'
import { Rail, shortcuts } from './components/Rail.tsx'
import { StatusBar } from './components/StatusBar.tsx'
import { TopBar } from './components/TopBar.tsx'
import { Watermark } from './components/Watermark.tsx'
import { engineBanner, firstSweepNote, freshnessChip, marketFoot, statusLine, zoneOf } from './frame-model.ts'
import { setPreferences, usePreferences } from './preferences.ts'
import { go, type Route, routeTo, type ScreenName, screens, useRoute, writeRoute } from './routes.ts'
import { FleetScreen } from './screens/fleet/FleetScreen.tsx'
import { MemoScreen } from './screens/memo/MemoScreen.tsx'
import { NowScreen } from './screens/now/NowScreen.tsx'
import { PlanScreen } from './screens/plan/PlanScreen.tsx'
import { SourcesScreen } from './screens/sources/SourcesScreen.tsx'
import { StartScreen } from './screens/start/StartScreen.tsx'
import { words } from './words.ts'

const screenFor: Record<ScreenName, () => ReactNode> = {
  now: () => <NowScreen />,
  fleet: () => <FleetScreen />,
  plan: () => <PlanScreen />,
  memo: () => <MemoScreen />,
  sources: () => <SourcesScreen />,
}

export function App() {
  useNotices()
  const route = useRoute()
  useKeys(route)
  const status = useStatus()
  useEffect(() => {
    document.title = status.state === 'ready' && status.value.mode === 'empty' ? 'Hashyard' : `${words.screens[route.screen]} · Hashyard`
  }, [route.screen, status])
  if (status.state === 'ready' && status.value.mode === 'empty') return <StartScreen status={status.value} />
  return <Frame route={route} demo={status.state === 'ready' && status.value.mode === 'demo'} />
}

function Frame({ route, demo }: { route: Route; demo: boolean }) {
  const { unit, theme } = usePreferences()
  const nowMs = useNow(10_000)
  const status = useStatus()
  const asked = useAsk('sites.report', {}, { enabled: status.state === 'ready' })
  const engineAsked = useAsk('shell.engine', {})
  const [about, setAbout] = useState(false)
  const leaveDemo = useDo('shell.closeDemo')

  const report = asked.state === 'ready' ? asked.value : null
  const engine = engineAsked.state === 'ready' ? engineAsked.value : null
  const zone = zoneOf(report, route.site)
  const chip = freshnessChip(report, route.site, nowMs)
  const line = statusLine(status.state === 'ready' ? status.value : null, engine, zone, nowMs)
  const banner = engineBanner(engine, zone, report !== null)
  const foot = marketFoot(report, nowMs)
  const explained = route.figure === null ? undefined : report?.sites.find((s) => s.id === route.figure?.of)
  // The hashprice is one for all sites; the first that has one explains it.
  const priced = report?.sites.find((s) => s.hashpriceUsdPerPhDay !== null)
  const note = banner === null ? firstSweepNote(status.state === 'ready' ? status.value : null) : null

  return (
    <div className={css.app}>
      <Rail
        route={route}
        foot={
          foot && (
            <dl>
              {foot.lines.map((l) => (
                <div key={l.label}>
                  <dt>{l.label}</dt>
                  <dd>{l.value}</dd>
                </div>
              ))}
              <div>
                <dt>{foot.age}</dt>
                {priced && (
                  <dd>
                    <FigureButton figure="hashprice_usd_per_ph_day" of={priced.id} name="Hashprice" />
                  </dd>
                )}
              </div>
            </dl>
          )
        }
      />
      <TopBar
        sites={(report?.sites ?? []).map((s) => ({ id: s.id, name: s.name, note: s.market }))}
        site={report?.sites.some((s) => s.id === route.site) ? route.site : null}
        onSite={(site) => go({ site, machine: null })}
        chip={
          <>
            {demo && (
              <StateChip state="demo" big>
                Demo
              </StateChip>
            )}
            {chip && (
              <a
                className={css.chipLink}
                href={writeRoute(routeTo('sources', { filter: chip.state === 'live' ? '' : 'needs:someone' }))}
                aria-label={`Data freshness: ${chip.text}. Open sources.`}
              >
                <StateChip state={chip.state} big>
                  {chip.text}
                </StateChip>
              </a>
            )}
          </>
        }
        unit={unit}
        onUnit={(u) => setPreferences({ unit: u })}
        theme={theme}
        onTheme={(t) => setPreferences({ theme: t })}
        demo={demo}
        onAbout={() => setAbout(true)}
        onLeaveDemo={() => leaveDemo.mutate({})}
      />
      <main className={css.main} tabIndex={-1} data-region="main" aria-label={words.screens[route.screen]}>
        <h1 className={css.hidden}>{words.screens[route.screen]}</h1>
        {demo && <Watermark />}
        {banner && (
          <p className={banner.alarm ? css.alarm : css.banner} role={banner.alarm ? 'alert' : 'status'}>
            {banner.text}
          </p>
        )}
        {note && (
          <p className={css.banner} role="status">
            {note}
          </p>
        )}
        {line.problem && (
          <p className={css.alarm} role="alert">
            Readings cannot be written: {line.problem}. Free space or choose another folder; advice continues on what is in memory.
          </p>
        )}
        <div className={css.screen} key={route.screen}>
          {status.state === 'loading' ? (
            <Loading what="the farm" />
          ) : status.state === 'failed' && report === null ? (
            engine?.state === 'starting' || engine?.state === 'restarting' ? (
              <Loading what="the farm; the engine is starting" />
            ) : (
              <Failed failure={status.failure} what="the farm" retry={status.retry} />
            )
          ) : (
            screenFor[route.screen]()
          )}
          {route.figure !== null && explained && (
            <FigurePanel key={`${route.figure.of} ${route.figure.id}`} figure={route.figure} site={explained} />
          )}
        </div>
      </main>
      <StatusBar left={line.left} right={line.right} />
      <About isOpen={about} onClose={() => setAbout(false)} />
    </div>
  )
}

function About({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="About Hashyard" isOpen={isOpen} onClose={onClose}>
      <AboutText />
    </Dialog>
  )
}

function AboutText() {
  const about = useAsk('shell.about', {})
  const status = useStatus()
  if (about.state === 'failed') return <Failed failure={about.failure} what="what this window runs on" retry={about.retry} />
  if (about.state === 'loading') return <Loading what="what this window runs on" />
  const { value } = about
  const rows: readonly (readonly [string, string])[] = [
    ['Version', value.version],
    ['Runs on', value.runtime === 'electron' ? `Electron ${value.runtimeVersion}` : `Chromium host ${value.runtimeVersion}`],
    ['Chromium', value.chromiumVersion],
    ['Sandbox', value.sandbox],
    ['Data folder', status.state === 'ready' ? status.value.dataDir : '—'],
    ['Sweeps kept', status.state === 'ready' ? String(status.value.committedSweeps) : '—'],
  ]
  return (
    <div className={css.about}>
      <dl>
        {rows.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {value.limits.length > 0 && (
        <>
          <h3>What this runtime cannot do</h3>
          <ul>
            {value.limits.map((l) => (
              <li key={l}>{l}</li>
            ))}
          </ul>
        </>
      )}
      <p>
        Hashyard recommends, exports and records. It sends no command to a machine. Its figures are a decision aid, not an offer or audited
        account.
      </p>
    </div>
  )
}

const regions = ['rail', 'top', 'main', 'status'] as const

/** Mod+digit goes to a screen, F5 asks everything again without a reload, F6 walks the regions, Mod+F goes to the filter. */
const useKeys = (route: Route) => {
  const client = useQueryClient()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const mod = event.ctrlKey || event.metaKey
      if (event.key === 'F5') {
        event.preventDefault()
        void client.invalidateQueries()
      } else if (event.key === 'F6') {
        event.preventDefault()
        focusRegion(event.shiftKey ? -1 : 1)
      } else if (mod && !event.altKey && !event.shiftKey) {
        const screen = screens.find((s) => shortcuts[s] === event.key)
        if (screen) {
          event.preventDefault()
          go(routeTo(screen, { site: route.site }))
        } else if (event.key.toLowerCase() === 'f') {
          const filter = document.querySelector<HTMLInputElement>('[data-shortcut="filter"]')
          if (filter) {
            event.preventDefault()
            filter.focus()
            filter.select()
          }
        } else if (event.key.toLowerCase() === 'r') event.preventDefault()
      } else if (mod && event.shiftKey && event.key.toLowerCase() === 's') {
        event.preventDefault()
        document.querySelector<HTMLElement>('[data-shortcut="site"]')?.click()
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [client, route.site])
}

const focusRegion = (step: 1 | -1) => {
  const places = regions.map((r) => document.querySelector<HTMLElement>(`[data-region="${r}"]`))
  const at = places.findIndex((p) => p?.contains(document.activeElement))
  for (let i = 1; i <= regions.length; i++) {
    const place = places[(at + step * i + regions.length * 2) % regions.length]
    const target = place?.matches('main') ? place : place?.querySelector<HTMLElement>('a[href], button, input')
    if (target) return target.focus()
  }
}
