import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const CORE = [
	'kernel',
	'protocol',
	'network',
	'hospital',
	'lab',
	'scoring',
	'exam',
	'authored',
	'exhibits',
	'inspect',
].map((layer) => `src/lib/${layer}/**/*.ts`);

const IMPURE_GLOBALS = [
	'Date',
	'setTimeout',
	'setInterval',
	'setImmediate',
	'queueMicrotask',
	'performance',
	'crypto',
	'fetch',
	'process',
	'Intl',
	'globalThis',
];

const LOCALE_METHODS = [
	'localeCompare',
	'toLocaleString',
	'toLocaleDateString',
	'toLocaleTimeString',
	'toLocaleLowerCase',
	'toLocaleUpperCase',
];

export default ts.config(
	{ ignores: ['.svelte-kit/', 'build/', 'data/', 'node_modules/', 'test-results/'] },
	js.configs.recommended,
	...ts.configs.recommended,
	...svelte.configs.recommended,
	{ languageOptions: { globals: { ...globals.browser, ...globals.node } } },
	{
		files: ['**/*.svelte', '**/*.svelte.ts', '**/*.svelte.js'],
		languageOptions: {
			parserOptions: {
				projectService: true,
				extraFileExtensions: ['.svelte'],
				parser: ts.parser,
				svelteConfig,
			},
		},
	},
	{
		rules: {
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
			],
			'no-undef': 'off',
			// Processes are generators; one that happens not to wait is still a process.
			'require-yield': 'off',
			'svelte/no-navigation-without-resolve': 'off',
		},
	},
	{
		files: CORE,
		ignores: ['**/*.test.ts'],
		rules: {
			'no-restricted-globals': [
				'error',
				...IMPURE_GLOBALS.map((name) => ({
					name,
					message: 'The core is deterministic: time, chance and identity come from the kernel.',
				})),
			],
			'no-restricted-properties': [
				'error',
				{ object: 'Math', property: 'random', message: 'Use a named stream of the kernel.' },
				...LOCALE_METHODS.map((property) => ({
					property,
					message: 'The core does not read the locale.',
				})),
			],
		},
	},
	{ files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
);
