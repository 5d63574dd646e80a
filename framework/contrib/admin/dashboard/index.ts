export { type DashboardCard, shownCards } from './cards';
export { barChart, type ChartOptions, lineChart, type Series } from './charts';
