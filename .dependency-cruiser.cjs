/* The import rules of ARCHITECTURE.md: imports point down, the core is pure, one door each. */
const LAYERS = ['kernel', 'protocol', 'network', 'hospital', 'lab', 'scoring'];
const CORE = `^src/lib/(authored|${LAYERS.join('|')}|exam|exhibits|inspect)/`;
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
	forbidden: [
		rule('no-circular', {}, { circular: true }),
		rule(
			'core-is-pure',
			{ path: CORE, pathNot: '\\.test\\.ts$' },
			{
				pathNot: '^src/|node_modules/(zod|yaml|ts-fsrs|saxes|xmlchars|gift-pegjs|fflate|@noble)/',
			},
		),
		rule('core-never-imports-shell', { path: CORE }, { path: '^src/(lib/(server|ui)|routes)/' }),
		rule(
			'ui-never-imports-server',
			{ path: '^src/(lib/ui|routes)/', pathNot: '\\.server\\.ts$|/\\+server\\.ts$' },
			{ path: '^src/lib/server/', dependencyTypesNot: ['type-only'] },
		),
		rule('nothing-imports-routes', { path: '^src/lib/' }, { path: '^src/routes/' }),
		rule(
			'one-door-lucia',
			{ path: '^src/', pathNot: '^src/lib/server/auth/session\\.ts$|\\.d\\.ts$' },
			{ path: 'node_modules/(lucia|@lucia-auth)/' },
		),
		rule(
			'one-door-sqlite',
			{ path: '^src/', pathNot: '^src/lib/server/db/open\\.ts$' },
			{ path: 'node_modules/better-sqlite3/' },
		),
		rule(
			'dcmjs-at-the-edges',
			{ path: '^src/', pathNot: '^src/lib/server/|\\.test\\.ts$' },
			{ path: 'node_modules/dcmjs/' },
		),
		rule(
			'dicom-parser-in-the-browser',
			{ path: '^src/', pathNot: '^src/lib/ui/|\\.test\\.ts$' },
			{ path: 'node_modules/dicom-parser/' },
		),
		rule(
			'exam-needs-kernel-only',
			{ path: '^src/lib/exam/' },
			{ path: '^src/', pathNot: '^src/lib/(kernel|authored|exam)/' },
		),
		rule(
			'inspect-needs-protocol-only',
			{ path: '^src/lib/inspect/' },
			{ path: '^src/', pathNot: '^src/lib/(kernel|protocol|inspect)/' },
		),
		...LAYERS.map((layer, i) =>
			rule(
				`layer-${layer}`,
				{ path: `^src/lib/${layer}/` },
				{
					path: `^src/lib/(${[...LAYERS.slice(i + 1), 'exam', 'exhibits', 'inspect'].join('|')})/`,
				},
			),
		),
	],
	options: {
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		doNotFollow: { path: 'node_modules' },
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['import', 'svelte', 'default'],
			extensions: ['.ts', '.js', '.svelte'],
		},
	},
};
