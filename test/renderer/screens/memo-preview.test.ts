// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { previewTree } from '../../../renderer/screens/memo/preview-tree.ts'

const page = `<!doctype html><html><head><style>@font-face{font-family:x;src:url(data:font/woff2;base64,AAAA)}html{background:#eee}body{color:#111}.big{font-size:48pt}</style></head>
<body><script>window.ran = true</script><section class="sheet" data-section="decision"><div class="run"><span>Decision memo</span><span>3 sites, 28.9 MW</span></div><h1 style="color:red">Run</h1>
<a href="https://example.invalid/" onclick="alert(1)">text</a><img src="x" onerror="alert(1)"><iframe src="x"></iframe></section><section data-section="numbers"><h2>The numbers</h2></section></body></html>`

test('the preview carries the memo’s words and its sheet, and no script, handler, frame, link or face', () => {
  const tree = previewTree(page)
  const host = document.createElement('div')
  host.append(tree.nodes)
  expect(host.querySelector('script, iframe, style')).toBeNull()
  expect(host.querySelector('[onclick], [onerror], [href], [src]')).toBeNull()
  expect(host.querySelector('h1')?.style.color).toBe('red')
  expect(tree.css).not.toContain('font-face')
  expect(tree.css).toContain(':host{background:#eee}')
  expect(tree.css).toContain('.memo-body{color:#111}')
  expect(tree.sections).toEqual([
    { id: 'decision', title: 'Decision memo', scope: '3 sites, 28.9 MW' },
    { id: 'numbers', title: 'The numbers', scope: '' },
  ])
})
