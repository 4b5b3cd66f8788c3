import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // A proxy may serve the page below another path.
  base: './',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    modulePreload: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: { format: 'es' },
});
