import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGUMENTS, ensureChromium, SOFTWARE_ADAPTER } from './src/cli/chromium.ts';

/** Cross-origin isolation, which WebAssembly threads need. Static hosts get it from public/isolation.js. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const testing = process.env.VITEST !== undefined;

/** What runs in a browser and is not ours. */
const BROWSER_DEPENDENCIES = [
  'react',
  'react-dom/client',
  'react/jsx-runtime',
  'react/jsx-dev-runtime',
  'lucide-react',
  'fast-png',
  'fflate',
  'hyparquet-writer',
  'mediabunny',
  'recharts',
  ...['dialog', 'menu', 'popover', 'scroll-area', 'slider', 'tabs', 'tooltip'].map((part) => `@base-ui/react/${part}`),
  'zod',
  'zustand',
  'zustand/middleware',
  'zustand/vanilla',
  'three',
  'three/webgpu',
  'three/tsl',
  'three/addons/controls/OrbitControls.js',
  ...['distribution/uniformFloat64', 'distribution/uniformInt', 'generator/xoroshiro128plus'].map(
    (part) => `pure-rand/${part}`,
  ),
  ...(testing ? ['axe-core', 'fast-check', 'three-mesh-bvh'] : []),
];

export default defineConfig({
  plugins: [react()],
  base: './',
  // ONNX Runtime Web locates its WebAssembly relative to its own module, which pre-bundling would move.
  optimizeDeps: {
    exclude: ['onnxruntime-web'],
    // Found only when a worker or a test asks for them; without this list a cold cache reloads the page in their midst.
    include: BROWSER_DEPENDENCIES,
  },
  worker: { format: 'es' },
  build: {
    target: 'esnext',
    chunkSizeWarningLimit: 4096,
    rolldownOptions: { input: { page: 'index.html', headless: 'src/lab/headless.html' } },
  },
  server: { headers: ISOLATION },
  preview: { headers: ISOLATION, port: 4173 },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.browser.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          // The same kernel tests again, on WGSL, and whatever else needs a real GPUDevice.
          name: 'browser',
          include: ['tests/kernels/*.test.ts', 'tests/**/*.browser.test.ts'],
          testTimeout: 120_000,
          globalSetup: ['tests/training/node-first-step.ts', 'tests/lab/node-scene.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            // On a fresh checkout, beside tests that keep all processors busy, the first page takes minutes to load.
            connectTimeout: 300_000,
            provider: playwright({
              launchOptions: testing
                ? { executablePath: ensureChromium(), args: [...CHROMIUM_ARGUMENTS, SOFTWARE_ADAPTER] }
                : {},
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
