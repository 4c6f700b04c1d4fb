import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import css from './Button.module.css'

type ButtonProps = Omit<AriaButtonProps, 'className' | 'style'> & {
  /** main: the one filled button of a screen. link: an action within a sentence or a table. */
  kind?: 'plain' | 'main' | 'quiet' | 'link' | 'tool'
  small?: boolean
}
export function Button({ kind = 'plain', small = false, ...props }: ButtonProps) {
  return <AriaButton {...props} className={[css.button, css[kind], small ? css.small : ''].join(' ')} />
}
