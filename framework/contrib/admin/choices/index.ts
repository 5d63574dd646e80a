export { forgetSizes, isSearchedAnyway, prepareSizes, searchedIfLarge, searchNames } from './large';
