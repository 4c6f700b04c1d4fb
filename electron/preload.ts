import { contextBridge, ipcRenderer } from 'electron'
import { askChannel, tellChannel } from './shell/channels.ts'

/**
 * What the page may do: one named call for each question of the contract and one subscription for each notice. There is no
 * way to name another channel. Sandboxed: nothing but `electron` can be required here.
 */
// The names in shared/contract.ts, put in by build/bundle.mjs so that the schemas stay out of every page load.
declare const CONTRACT_QUESTIONS: readonly string[]
declare const CONTRACT_NOTICES: readonly string[]

const ask = Object.fromEntries(
  CONTRACT_QUESTIONS.map((question) => [question, (input: unknown) => ipcRenderer.invoke(askChannel(question), input)]),
)

const on = Object.fromEntries(
  CONTRACT_NOTICES.map((notice) => [
    notice,
    (listener: (payload: unknown) => void) => {
      // The event object stays here: it would hand the page the sender.
      const deliver = (_event: unknown, payload: unknown) => listener(payload)
      ipcRenderer.on(tellChannel(notice), deliver)
      return () => {
        ipcRenderer.off(tellChannel(notice), deliver)
      }
    },
  ]),
)

contextBridge.exposeInMainWorld('hashyard', { ask, on })
