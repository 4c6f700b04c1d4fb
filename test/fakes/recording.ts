/** Recordings under `test/fixtures`: made by us, in the form of a device capture. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const Recording = z.object({ family: z.string(), protocol: z.string(), responses: z.record(z.string(), z.unknown()) })
export const recording = (path: string) =>
  Recording.parse(JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')))
