import { type ReactNode, useId } from 'react'
import {
  Header,
  ListBox,
  ListBoxItem,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Button as PlainButton,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components'
import type { PriceUnit } from '#shared/format.ts'
import type { Preferences } from '../preferences.ts'
import { words } from '../words.ts'
import { Icon } from './Icon.tsx'
import { Segmented } from './Segmented.tsx'
import css from './TopBar.module.css'

export type SiteChoice = { readonly id: string; readonly name: string; readonly note: string }

type TopBarProps = {
  sites: readonly SiteChoice[]
  site: string | null
  /** "3 sites" beside `All sites`. */
  onSite: (site: string | null) => void
  chip: ReactNode
  unit: PriceUnit
  onUnit: (unit: PriceUnit) => void
  theme: Preferences['theme']
  onTheme: (theme: Preferences['theme']) => void
  demo: boolean
  onAbout: () => void
  onLeaveDemo: () => void
}

const ALL = ' all'
const themes = [
  { id: 'system', label: 'As the system' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
] as const

export function TopBar(p: TopBarProps) {
  const label = useId()
  return (
    <header className={css.bar} data-region="top">
      {p.sites.length > 0 && (
        <Select
          aria-labelledby={label}
          selectedKey={p.site ?? ALL}
          onSelectionChange={(key) => p.onSite(key === ALL || key === null ? null : String(key))}
        >
          <PlainButton className={css.field ?? ''} data-shortcut="site">
            <span id={label} className={css.hidden}>
              Site
            </span>
            <SelectValue className={css.chosen ?? ''} />
            <Icon name="down" small />
          </PlainButton>
          <Popover className={css.popover ?? ''} placement="bottom start">
            <ListBox className={css.list ?? ''}>
              <ListBoxItem id={ALL} textValue={words.allSites} className={css.item ?? ''}>
                <b>{words.allSites}</b> <span>{p.sites.length}</span>
              </ListBoxItem>
              {p.sites.map((s) => (
                <ListBoxItem key={s.id} id={s.id} textValue={s.name} className={css.item ?? ''}>
                  <b>{s.name}</b> <span>{s.note}</span>
                </ListBoxItem>
              ))}
            </ListBox>
          </Popover>
        </Select>
      )}
      <span className={css.gap} />
      {p.chip}
      <Segmented
        label="Price unit"
        value={p.unit}
        options={[
          { id: 'usd_per_mwh', label: '$/MWh' },
          { id: 'cents_per_kwh', label: '¢/kWh' },
        ]}
        onChange={p.onUnit}
      />
      <MenuTrigger>
        <PlainButton className={css.menu ?? ''} aria-label="Theme and more">
          <Icon name="more" />
        </PlainButton>
        <Popover className={css.popover ?? ''} placement="bottom end">
          <Menu className={css.list ?? ''}>
            <MenuSection
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[p.theme]}
              onSelectionChange={(keys) => {
                const chosen = themes.find((t) => keys !== 'all' && keys.has(t.id))
                if (chosen) p.onTheme(chosen.id)
              }}
            >
              <Header className={css.section ?? ''}>Theme</Header>
              {themes.map((t) => (
                <MenuItem key={t.id} id={t.id} className={css.item ?? ''} textValue={t.label}>
                  {({ isSelected }) => (
                    <>
                      <span className={css.tick}>{isSelected && <Icon name="check" small />}</span>
                      {t.label}
                    </>
                  )}
                </MenuItem>
              ))}
            </MenuSection>
            <MenuSection>
              <Header className={css.section ?? ''}>Hashyard</Header>
              <MenuItem className={css.item ?? ''} onAction={p.onAbout} textValue="About">
                <span className={css.tick} />
                About
              </MenuItem>
              {p.demo && (
                <MenuItem className={css.item ?? ''} onAction={p.onLeaveDemo} textValue="Leave the demo">
                  <span className={css.tick} />
                  Leave the demo
                </MenuItem>
              )}
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
    </header>
  )
}
